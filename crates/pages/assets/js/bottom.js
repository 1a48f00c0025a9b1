// A thread opens at its end, and stays there while new items come, unless somebody has scrolled up to read.
const scroller = document.querySelector("[data-bottom]");

if (scroller) {
  let atEnd = true;
  const toEnd = () => (scroller.scrollTop = scroller.scrollHeight);
  toEnd();
  scroller.addEventListener("scroll", () => {
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  }, { passive: true });
  document.addEventListener("patched", () => atEnd && toEnd());
  addEventListener("resize", () => atEnd && toEnd());
}
