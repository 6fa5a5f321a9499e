# shellcheck shell=bash
# Why: the end-to-end tests drive a real Chromium, and the console speaks Japanese and Chinese, so the system's
# own browser and a font with those characters are needed.

setup_browser() {
  if have chromium && have fc-list && [ -n "$(fc-list :lang=ja family 2>/dev/null | head -n 1)" ]; then return 0; fi
  want_packages "a browser for the tests" chromium fonts-noto-cjk fontconfig
}
