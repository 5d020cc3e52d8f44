/** @file The file button without a form: opens the system's dialog and hands over what was chosen. */

export function pickFiles(onFiles: (files: readonly File[]) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.addEventListener("change", () => onFiles([...(input.files ?? [])]), { once: true });
  input.click();
}
