// Starts what every page has. Each module does one thing and works on whatever htmx brings in later too.
import "./keys.js";
import "./ui.js";
import "./drafts.js";
import "./live.js";
import "./bell.js";
import "./picker.js";
