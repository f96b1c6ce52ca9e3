export const helpTexts = {
  help: {
    title: "Help",
    about: "Help: %{title}",
    pages: "Help pages",
    missing: "There is no such page. These are there:",
    next: "Next: %{title}",
    previous: "Previous: %{title}",
  },
};
