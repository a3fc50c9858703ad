"""Whole processes side by side: googlenetc, and torchinfo's summary of torchvision's GoogLeNet."""

import os
import subprocess
import sys
import tempfile
import time

SUMMARY = """
import time
start = time.perf_counter()
import torch, torchinfo, torchvision
network = torchvision.models.googlenet(weights=None, aux_logits=False, init_weights=False).eval()
built = time.perf_counter()
text = str(torchinfo.summary(network, (1, 3, 224, 224), verbose=0))
print(f"{(built - start) * 1e3:.0f} {(time.perf_counter() - built) * 1e3:.0f}")
"""


def milliseconds(command, runs):
    """The best wall time, and the mean processor time, which other work on the machine changes less."""
    walls, processors = [], []
    for _ in range(runs):
        start, before = time.perf_counter(), os.times()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = os.times()
        walls.append((time.perf_counter() - start) * 1e3)
        used = after.children_user + after.children_system - before.children_user - before.children_system
        processors.append(used * 1e3)
    return min(walls), sum(processors) / runs


def mebibytes(command):
    """The peak of resident memory, as GNU time sees it."""
    with tempfile.NamedTemporaryFile("r") as log:
        measured = ["/usr/bin/time", "-f", "%M", "-o", log.name, *command]
        subprocess.run(measured, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return int(log.read().split()[-1]) / 1024


def main():
    googlenetc = sys.argv[1]
    summary = [sys.executable, "-c", SUMMARY]
    # Once before, so that nobody waits for the disk.
    subprocess.run(summary, check=True, stdout=subprocess.DEVNULL)
    print(f"\n{'process':32} {'best ms':>9} {'processor':>10} {'peak MiB':>9}")
    results = {}
    for name, command, runs in [
        ("googlenetc check googlenet", [googlenetc, "check", "googlenet"], 50),
        ("googlenetc report googlenet", [googlenetc, "report", "googlenet"], 50),
        ("torchinfo summary(GoogLeNet)", summary, 5),
    ]:
        best, processor = milliseconds(command, runs)
        results[name] = best, mebibytes(command)
        print(f"{name:32} {best:9.1f} {processor:10.1f} {results[name][1]:9.1f}")
    import_ms, call_ms = subprocess.run(summary, check=True, capture_output=True, text=True).stdout.split()
    print(f"of which inside of Python: {import_ms} ms to import PyTorch and build the network, {call_ms} ms for the summary")
    report, torchinfo = results["googlenetc report googlenet"], results["torchinfo summary(GoogLeNet)"]
    longer, larger = torchinfo[0] / report[0], torchinfo[1] / report[1]
    print(f"torchinfo beside report: {longer:.0f} times as long, {larger:.0f} times the memory")
    times = float(call_ms) / report[0]
    print(f"torchinfo's summary alone, PyTorch and the network being there: {times:.0f} times as long as the whole of report")


if __name__ == "__main__":
    main()
