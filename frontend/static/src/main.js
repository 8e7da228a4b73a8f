// Comforts only: every page does its whole work without this file.
import { enhanceArticle } from "./js/article.js";
import { forgetDraftsAtSignOut, forgetOldDrafts } from "./js/drafts.js";
import { countOpened } from "./js/opened.js";
import { rememberPlace } from "./js/place.js";
import { suggestWhileTyping } from "./js/suggestions.js";

forgetOldDrafts();
forgetDraftsAtSignOut(document);
enhanceArticle(document);
rememberPlace(document);
suggestWhileTyping(document);
countOpened(document);
