"""Thirty ways to hide a script in a text."""

CODE = "window.ran=(window.ran||0)+1"
SCRIPTS = [
    f"<script>{CODE}</script>",
    f"<SCRIPT/x>{CODE}</SCRIPT>",
    f"<scr<script>ipt>{CODE}</scr</script>ipt>",
    f"<img src=x onerror={CODE}>",
    f"<img/src=x/onerror={CODE}>",
    f'<img src="x` `<script>{CODE}</script>"` `>',
    f"<img src='/990101/files/1/a.png' onload={CODE} onerror={CODE}>",
    f"<svg onload={CODE}>",
    f"<svg><script>{CODE}</script></svg>",
    f"<svg><animate onbegin={CODE} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{CODE}'><text x=20 y=20>x</text></a></svg>",
    f"<math><maction xlink:href='javascript:{CODE}'>x</maction></math>",
    (
        "<math><mtext><table><mglyph><style><!--</style>"
        f"<img title='--&gt;&lt;img src=1 onerror={CODE}&gt;'>"
    ),
    f"<body onload={CODE}>",
    f"<iframe src='javascript:{CODE}'></iframe>",
    f'<iframe srcdoc="<script>parent.{CODE}</script>"></iframe>',
    f"<object data='javascript:{CODE}'></object>",
    f"<embed src='javascript:{CODE}'>",
    f"<a href='javascript:{CODE}'>x</a>",
    f"<a href='&#106;avascript:{CODE}'>x</a>",
    f"<a href='java\tscript:{CODE}'>x</a>",
    f"<a href=' javascript:{CODE}'>x</a>",
    f"<a href='data:text/html,<script>{CODE}</script>'>x</a>",
    f"<a href='vbscript:{CODE}'>x</a>",
    f"<form action='javascript:{CODE}'><button autofocus onfocus={CODE}>x</button></form>",
    f"<input autofocus onfocus={CODE}>",
    f"<details open ontoggle={CODE}>x</details>",
    f"<video><source onerror={CODE}></video>",
    (
        f"<style>@import 'javascript:{CODE}';</style>"
        f"<p style='background:url(javascript:{CODE})'>x</p>"
    ),
    f"<meta http-equiv=refresh content='0;url=javascript:{CODE}'>",
    f"<noscript><p title='</noscript><img src=x onerror={CODE}>'></noscript>",
    f"&lt;img src=x onerror={CODE}&gt;&lt;/p&gt;",
    f"<p onmouseover={CODE} onpointerenter={CODE}>x</p>",
    f"<marquee onstart={CODE}>x</marquee>",
    f"<template><img src=x onerror={CODE}></template>",
    f"<!--><img src=x onerror={CODE}>-->",
]
