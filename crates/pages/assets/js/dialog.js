// A button with data-opens opens the dialog of that id.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens]");
  if (button) document.getElementById(button.dataset.opens)?.showModal();
});
