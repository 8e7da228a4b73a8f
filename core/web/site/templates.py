"""Templates are compiled once for each language, with its messages in place of the English ones.

A page has dozens of messages. Looked up while it is made, each costs several calls; as a part of
the compiled template most cost none, since they join the markup around them. Its hundreds of values
are written by less code than the library's, and functions that build addresses called directly.
"""

from collections.abc import Callable, MutableMapping
from keyword import iskeyword
from typing import Any

import markupsafe
from flask.sansio.app import App
from flask.templating import Environment
from flask_babel import get_locale, get_translations
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

# Without the `Markup` around it, which the text would be joined with others without.
_escape_text: Callable[[str], str] = vars(markupsafe)["_escape_inner"]
Translate = Callable[[str], str]
_OF_DICTS = frozenset(dir(dict))
#: Functions of the environment that no template replaces.
CALLED_DIRECTLY = frozenset({"address_with", "asset", "plugin_asset", "tenant_url", "url_for"})


class _PageCode(CodeGenerator):
    """Compile templates as Jinja does, but for what pages have hundreds of."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - named by Jinja
        """Compile a template; the names of its macros are known from here on."""
        imported = (name for each in node.find_all(nodes.FromImport) for name in each.names)
        macros = {name if isinstance(name, str) else name[1] for name in imported}
        macros |= {each.name for each in node.find_all(nodes.Macro)}
        self._called_directly = CALLED_DIRECTLY | macros
        super().visit_Template(node, frame)

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Join what a block, a layout or an included template yields before it is handed on.

        Piece by piece, each of hundreds would pass through every generator around it.
        """
        if x.startswith("yield from "):
            x = f"yield ''.join({x.removeprefix('yield from ')})"
        elif x == "for event in gen:":
            x = "for event in (''.join(gen),):"
        super().writeline(x, node, extra)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if finalize.src is None and frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.write(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Call(  # noqa: N802 - named by Jinja
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Call macros, and what builds addresses, without asking whether they want the context."""
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        is_odd = node.dyn_args or forward_caller or any(iskeyword(pair.key) for pair in node.kwargs)
        if name not in self._called_directly or is_odd:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for value in node.args:
            self.visit(value, frame)
            self.write(", ")
        for pair in node.kwargs:
            self.visit(pair, frame)
            self.write(", ")
        if node.dyn_kwargs is not None:
            self.write("**")
            self.visit(node.dyn_kwargs, frame)
        self.write(")")


class _PageContext(Context):
    """What a template sees. No template has names of its own, so none has to be told apart."""

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Any],
        globals: Any = None,  # noqa: A002 - Jinja's own name
    ) -> None:
        del globals
        super().__init__(environment, parent, name, blocks)


class PageEnvironment(Environment):
    """Flask's environment; templates are loaded from one of its own for the reader's language."""

    code_generator_class = _PageCode
    context_class = _PageContext

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        #: The language that messages are compiled in; `None` leaves them to be looked up.
        self.language: str | None = None
        #: By the name of a function of templates: what translates its messages.
        self.translators: dict[str, Translate] = {"_": _translate}
        self._by_language: dict[str, PageEnvironment] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Give templates the names of the environment as they are: none brings its own."""
        return super().make_globals(d) if d else self.globals

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute, or what a dictionary has under this name, as Jinja does.

        No dictionary is asked for an attribute that none has.
        """
        try:
            if type(obj) is not dict or attribute in _OF_DICTS:
                return getattr(obj, attribute)
            return obj[attribute]
        except KeyError:
            return self.undefined(obj=obj, name=attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    @staticmethod
    def write(value: Any) -> str:
        """Escape a value for a page: as `escape` does, but the text is joined to others at once."""
        kind = type(value)
        if kind is Markup:
            markup: str = value
            return markup
        return _escape_text(value) if kind is str else escape(value)

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 - Jinja's own name
        if self.language is not None:
            return super()._load_template(name, globals)
        language = str(get_locale())
        if language not in self._by_language:
            environment = self.overlay()
            environment.language = language
            self._by_language[language] = environment
        return self._by_language[language]._load_template(name, globals)  # noqa: SLF001 - the same class

    def _generate(self, source: nodes.Template, name: str | None, *others: Any, **more: Any) -> str:
        if self.language is not None:
            _Messages(self.translators, EvalContext(self, name)).visit(source)
        return super()._generate(source, name, *others, **more)


class _Messages(NodeTransformer):
    """Put translated texts in place of calls such as `_("Home")`."""

    def __init__(self, translators: dict[str, Translate], context: EvalContext) -> None:
        self._translators = translators
        self._context = context

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - named by Jinja
        """Translate the message of a call, and leave its values to be filled in."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        message = node.args[0] if len(node.args) == 1 else None
        if name not in self._translators or not isinstance(message, nodes.Const):
            return node
        if node.dyn_args or node.dyn_kwargs:
            return node
        text = self._translators[name](message.value)
        if self._context.autoescape:
            # What the catalogs say is written by us, as the templates are.
            text = Markup(text)  # noqa: S704
        line = node.lineno
        if not node.kwargs:
            # A percent sign is doubled in every message, as the library does it.
            return nodes.Const(text % {} if "%" in text else text, lineno=line)
        values = [
            nodes.Pair(nodes.Const(each.key, lineno=line), each.value, lineno=line)
            for each in node.kwargs
        ]
        left = nodes.Const(text, lineno=line)
        return nodes.Mod(left, nodes.Dict(values, lineno=line), lineno=line)


def _translate(message: str) -> str:
    translated: str = get_translations().ugettext(message)
    return translated
