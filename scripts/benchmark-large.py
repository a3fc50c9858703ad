"""`googlenetc check` on specs that are as large, or as hostile, as they may be: each answers within a second and 256 MB, or this fails."""

import os
import subprocess
import sys
import tempfile

MOST_SECONDS, MOST_BYTES = 1.0, 256e6
MANY = 100_000
HEADS = "heads: {main: {layers: [avgpool global, flatten, linear $classes]}}\n"
BLOCK = "blocks: {b: {parameters: [n], layers: [conv 1x1 $n]}}\n"


def net(body, blocks=""):
    return f"network: Net\ninput: 4x16x16\nclasses: 3\n{blocks}{body}\n{HEADS}"


def table(columns, cells):
    rows = "".join(f"    r{row}: [{cells}]\n" for row in range(MANY))
    return net(f"table:\n  block: b\n  columns: [{columns}]\n  rows:\n{rows}", BLOCK)


def lines(line, count=MANY):
    return "".join(line.format(index) for index in range(count))


def copies(layers):
    return "body: [" + ", ".join([f"{{repeat: 10000, layers: {layers}}}"] * 11) + "]"


def branches():
    sizes = lambda branch: f"{branch % 5 + 2}x{branch % 5 + 2}"
    return "".join(f"        b{branch}: maxpool {sizes(branch)}/1 pad=1\n" for branch in range(80_000))


def parameters():
    return "blocks: {b: {parameters: [" + ", ".join(f"p{index}=1" for index in range(900)) + "], layers: [relu]}}\n"


SPECS = {
    "rows of a table": table("n, output", "4, 4x16x16"),
    "rows that are all wrong": table("n, output", "4, 5x16x16"),
    "convolutions in a list": net("body: [conv 1x1 4" + ", conv 3x3 4 pad=1 bias" * MANY + "]"),
    "named convolutions": net("stem:\n" + lines("  s{}: conv 3x3 4 pad=1\n")),
    "pools": net("body:\n" + lines("- avgpool 3x3/1 pad=1\n")),
    "branches that differ": net("body:\n  - c:\n      concat:\n" + branches()),
    "copies of a convolution": net(copies("conv 3x3 4 pad=1")),
    "copies of 900 arguments": net(copies("[b]"), parameters()),
    "copies of long names": net(copies("{" + ("n" * 250 + ": {") * 55 + "a: relu" + "}" * 56)),
    "unknown parameters": net("body: [b]", "blocks: {b: {parameters: [n=1], layers: [" + "conv 1x1 $m, " * MANY + "relu]}}\n"),
    "3 MiB of values": net("body: [" + "1," * ((3 << 19) - 200) + "]"),
    "3 MiB of keys": lines("k{}:\n", 340_000),
    "3 MiB of lines": "a:\n" * ((3 << 20) // 3),
    "3 MiB of comments": net("body: [relu]") + "#\n" * ((3 << 19) - 100),
    "one layer of 3 MiB": net("body: [conv " + "1 " * ((3 << 19) - 200) + "]"),
}


def measured(googlenetc, path):
    """Seconds of the processor, the least of three runs, the peak of resident memory in bytes, as GNU time sees them, and the exit code.

    A check runs on one thread, and what else the machine does changes its processor time less than the time on the clock.
    """
    seconds = []
    with tempfile.NamedTemporaryFile("r") as log:
        for _ in range(3):
            command = ["/usr/bin/time", "-q", "-f", "%U %S %M", "-o", log.name, googlenetc, "check", path]
            code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
            log.seek(0)
            user, system, kibibytes = log.read().split()
            seconds.append(float(user) + float(system))
        return min(seconds), int(kibibytes) * 1024, code


def main():
    beyond = []
    print(f"\n{'large and hostile specs':28} {'file MB':>8} {'ms':>8} {'peak MB':>8}  verdict")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in SPECS.items():
            path = os.path.join(folder, "spec.yaml")
            with open(path, "w") as file:
                file.write(text)
            seconds, peak, code = measured(sys.argv[1], path)
            verdict = {0: "fine", 1: "wrong"}.get(code, f"ends with {code}")
            print(f"{name:28} {len(text) / 1e6:8.2f} {seconds * 1e3:8.0f} {peak / 1e6:8.0f}  {verdict}")
            if seconds > MOST_SECONDS or peak > MOST_BYTES or code not in (0, 1):
                beyond.append(name)
    if beyond:
        sys.exit(f"benchmark: not within {MOST_SECONDS:.0f} s and {MOST_BYTES / 1e6:.0f} MB: {', '.join(beyond)}")
    print(f"all within {MOST_SECONDS:.0f} s and {MOST_BYTES / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
