//! Hozon's console: pages, widgets, translations and server functions.
