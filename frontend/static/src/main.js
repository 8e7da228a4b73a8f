// Comforts only: every page does its whole work without this file.
import { enhanceArticle } from "./js/article.js";
import { countOpened } from "./js/opened.js";
import { rememberPlace } from "./js/place.js";
import { suggestWhileTyping } from "./js/suggestions.js";

enhanceArticle(document);
rememberPlace(document);
suggestWhileTyping(document);
countOpened(document);
