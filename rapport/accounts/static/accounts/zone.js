// <select data-guess-zone>: takes the browser's own time zone until somebody has chosen one.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const select of document.querySelectorAll("select[data-guess-zone]")) {
  const isAskedAgain = select.closest("form").querySelector("[data-form-errors]");
  if (!isAskedAgain && [...select.options].some((option) => option.value === zone)) select.value = zone;
}
