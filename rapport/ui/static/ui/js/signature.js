// [data-signature] holds a canvas on which a name is drawn by mouse, pen or finger, a hidden input
// that takes the picture, and a button [data-clear]. Without script it is not there.
export function bind(part) {
  const canvas = part.querySelector("canvas");
  const input = part.querySelector("input");
  const pen = canvas.getContext("2d");
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#16213a" });
  const place = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [
      ((clientX - box.left) * canvas.width) / box.width,
      ((clientY - box.top) * canvas.height) / box.height,
    ];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...place(event));
    pen.stroke();
    input.value = "drawn";
  });
  canvas.addEventListener("pointerup", () => {
    if (input.value) input.value = canvas.toDataURL("image/png");
  });
  part.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    input.value = "";
  });
  // What was drawn before the server refused something else.
  const before = new Image();
  before.addEventListener("load", () => pen.drawImage(before, 0, 0));
  if (input.value.startsWith("data:image/png;")) before.src = input.value;
  part.hidden = false;
}
