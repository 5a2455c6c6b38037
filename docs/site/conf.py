"""How the documentation site is made of the Markdown in the house; see build.py beside this file."""

project = "Unknot"
author = "The Unknot authors"
copyright = "The Unknot authors; code Apache-2.0, knowledge CC BY 4.0"
extensions = ["myst_parser"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Unknot"
html_show_sphinx = False
html_theme_options = {
    "announcement": "Draft. No clinician has reviewed the medical content. It must not be used for care.",
    "light_css_variables": {"color-brand-primary": "#1f5f5b", "color-brand-content": "#1f5f5b"},
    "dark_css_variables": {"color-brand-primary": "#8fd0c8", "color-brand-content": "#8fd0c8"},
}
