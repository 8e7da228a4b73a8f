// Comforts for staff pages: every form does its whole work without this file.
import { keepDrafts } from "./js/drafts.js";
import { guardLeaving } from "./js/leaving.js";
import { editLists } from "./js/list_grid.js";
import { followPassages } from "./js/passage.js";

guardLeaving(document);
keepDrafts(document);
editLists(document);
followPassages();
