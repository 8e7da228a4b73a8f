// Comforts for staff pages: every form does its whole work without this file.
import { guardLeaving } from "./js/leaving.js";
import { previewText } from "./js/text_preview.js";

guardLeaving(document);
previewText(document);
