// Before anything is drawn: what the device prefers, where nobody chose. No flash of the other theme.
const root = document.documentElement;
root.classList.add("scripted");
if (root.dataset.theme === "system") {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => (root.dataset.bsTheme = dark.matches ? "dark" : "light");
  follow();
  dark.addEventListener("change", follow);
}
