// What a finger would miss: less than 44 pixels high or wide.
[...document.querySelectorAll("main button, main a:not(.trail a), main summary, main input")]
  .filter((each) => {
    const { width, height } = (each.closest("label") ?? each).getBoundingClientRect();
    return width > 1 && (height < 43.5 || width < 43.5);
  })
  .map((each) => each.outerHTML.slice(0, 90));
