from tests.browser.pages import PAGES
from tests.browser.test_pages import OUTSIDE, unfold, SMALL_TARGETS
def test_probe(page, portal):
    for p in PAGES:
        page.goto(p.path); unfold(page)
        for width, text in ((320, 100), (320, 200), (390, 200), (1280, 200)):
            page.set_viewport_size({"width": width, "height": 640})
            page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{text}%")
            r = page.evaluate(OUTSIDE)
            w = page.evaluate("document.documentElement.scrollWidth")
            if r:
                print("\n", p.name, width, text, w, len(r)); print("   ", "\n    ".join(x[:150].replace("\n"," ") for x in r[:7]))
                page.screenshot(path=f"/tmp/out-{p.name}-{width}-{text}.png", full_page=True)
