"""``lanci eval run`` from the command line to the report, on a document laid out for the demo."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = Path(sys.executable).with_name("lanci")


def lanci(*args: str | Path) -> subprocess.CompletedProcess[str]:
    command = [PROGRAM, "eval", *args]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)


def test_lanci_and_a_peer_on_a_generated_document(tmp_path):
    run = tmp_path / "run"
    args = (
        "run", "--systems", "lanci,pdfplumber", "--dataset", "generated:annotations/documents,form=digital,label=demo",
        "--limit", "1", "--seed", "1", "-o", run,
    )  # fmt: skip
    done = lanci(*args)
    assert done.returncode == 0, done.stderr
    assert "✓ dataset demo: 1 document" in done.stdout
    assert "✓ system lanci: 1 of 1 document" in done.stdout and "✓ system pdfplumber: 1 of 1" in done.stdout
    assert "running: 2" in done.stderr and "[2/2]" in done.stderr

    results = json.loads((run / "results.json").read_text())
    assert [(o["system"], o["status"]) for o in results["outcomes"]] == [("lanci", "ok"), ("pdfplumber", "ok")]
    assert all({"amounts", "cells", "conservation"} <= dict(o["tallies"]).keys() for o in results["outcomes"])
    html, markdown = (run / "report.html").read_text(), (run / "results.md").read_text()
    assert "pdfplumber" in markdown and "lanci" in markdown and "demo" in markdown
    assert "<script src" not in html and "<link" not in html and "http://" not in html.replace("http://www.w3.org", "")
    assert str(tmp_path) not in html + markdown + (run / "results.json").read_text()
    assert not (run / "work").exists()

    again = lanci(*args, "--no-gallery")
    assert again.returncode == 0 and "tables," not in again.stderr
    assert json.loads((run / "results.json").read_text()) == results
    assert "data:image/png" not in (run / "report.html").read_text()

    compared = lanci("compare", run, run, "--pair", "pdfplumber=lanci")
    assert compared.returncode == 0 and "| amounts amount\\_exact ↑ |" in compared.stdout
