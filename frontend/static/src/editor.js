// The editor of a publication; only its page loads this. The plain field works without it.
import { autosave } from "./js/editor/autosave.js";
import { mountEditors } from "./js/editor/editor.js";
import { previewText } from "./js/editor/preview.js";

mountEditors(document);
previewText(document);
autosave(document);
