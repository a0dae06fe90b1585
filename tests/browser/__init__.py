"""The product's pages in a real Chromium."""
