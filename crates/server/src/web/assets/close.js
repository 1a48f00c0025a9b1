// Closes the window that the connection was made in. Where the browser keeps it open, the page says what to do.
setTimeout(() => window.close(), 4000);
