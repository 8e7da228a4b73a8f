// Comforts for staff pages: every form does its whole work without this file.
import { keepDrafts } from "./js/drafts.js";
import { guardLeaving } from "./js/leaving.js";
import { previewText } from "./js/text_preview.js";

guardLeaving(document);
keepDrafts(document);
previewText(document);
