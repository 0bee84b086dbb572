"""Opens pages in headless Chromium through chromedriver: browser.py AXE.js PAGE-OR-URL...

The protocol is W3C WebDriver over HTTP on loopback; the log of the network and the console come
with it.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

ARGUMENTS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
             "--disable-background-networking --disable-component-update --disable-sync "
             "--disable-default-apps --disable-extensions").split()
WIDTHS = (320, 768, 1400)
faults = []


class Driver:
    """One session of chromedriver"""

    def __init__(self, port, folder, scheme):
        self.base = "http://127.0.0.1:%d" % port
        options = {"args": ARGUMENTS + ["--user-data-dir=" + folder],
                   "binary": "/usr/bin/chromium"}
        if scheme == "dark":
            options["args"].append("--force-dark-mode")
            options["args"].append("--blink-settings=preferredColorScheme=0")
        value = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
        self.base += "/session/" + value["sessionId"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def run(self, script, is_async=False):
        return self.ask("POST", "/execute/" + ("async" if is_async else "sync"),
                        {"script": script, "args": []})

    def log(self, kind):
        return self.ask("POST", "/se/log", {"type": kind})


def look(driver, path, axe):
    """All that is checked of one page"""
    is_served = path.startswith("http:")
    url = path if is_served else pathlib.Path(path).resolve().as_uri()
    own = (url.split("?")[0],) if is_served else ()  # with what is below it: a frame
    driver.log("performance")
    driver.log("browser")
    driver.ask("POST", "/url", {"url": url})
    for entry in driver.log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked = message["params"]["request"]["url"]
            # chrome: and chrome-untrusted: are the browser's own empty tab
            if asked != url and not asked.startswith(
                    ("data:", "chrome:", "chrome-untrusted:") + own):
                faults.append("%s asks for %s" % (path, asked[:200]))
    for entry in driver.log("browser"):
        faults.append("%s: console: %s" % (path, entry["message"][:300]))
    for width in WIDTHS:
        driver.ask("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}})
        wide = driver.run("return document.documentElement.scrollWidth")
        if wide > width:
            faults.append("%s is %d wide on a screen of %d" % (path, wide, width))
    # a screen reader and a keyboard get to all that is folded
    folded = driver.run("""return [...document.querySelectorAll('details')].filter(
        d => { d.querySelector('summary').focus(); return document.activeElement.parentNode !== d
    }).length""")
    if folded:
        faults.append("%s: %d summaries take no focus" % (path, folded))
    if axe:
        driver.run(axe + ";return 1")
        result = driver.run("const done = arguments[arguments.length - 1];"
                            "axe.run().then(r => done(r.violations.map("
                            "v => v.id + ': ' + v.nodes[0].html.slice(0, 150))))", True)
        faults.extend("%s: axe: %s" % (path, one) for one in result)


def main():
    axe = ""
    if os.path.exists(sys.argv[1]):
        with open(sys.argv[1], encoding="utf-8") as file:
            axe = file.read()
    else:
        print("axe-core is not there: its rules were not asked")
    with tempfile.TemporaryDirectory() as folder:
        log = open(folder + "/driver.log", "w+", encoding="utf-8")
        process = subprocess.Popen(["chromedriver", "--port=0"], stdout=log, stderr=log)
        try:
            for _ in range(1200):
                log.seek(0)
                text = log.read()
                if "started successfully on port " in text:
                    break
                time.sleep(0.05)
            port = int(text.split("started successfully on port ")[1].split(".")[0])
            for scheme in ("light", "dark"):
                driver = Driver(port, folder + "/" + scheme, scheme)
                for path in sys.argv[2:]:
                    look(driver, path, axe)
                dark = driver.run("return matchMedia('(prefers-color-scheme: dark)').matches")
                if dark != (scheme == "dark"):
                    faults.append("the browser shows no %s page" % scheme)
                driver.ask("DELETE", "")
        finally:
            process.kill()
            process.wait()
    print(*faults, sep="\n")
    sys.exit(1 if faults else 0)


main()
