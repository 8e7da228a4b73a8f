// Points of different types differ by shape, not by colour alone.
const SIDES = { square: 4, triangle: 3, hexagon: 6 };
const TURNS = { square: Math.PI / 4, triangle: -Math.PI / 2, hexagon: 0 };

function outline(context, { x, y }, radius, shape) {
  context.beginPath();
  const sides = SIDES[shape];
  if (!sides) {
    context.arc(x, y, radius, 0, Math.PI * 2);
    return;
  }
  for (let side = 0; side < sides; side += 1) {
    const angle = TURNS[shape] + (side * 2 * Math.PI) / sides;
    context.lineTo(x + radius * 1.2 * Math.cos(angle), y + radius * 1.2 * Math.sin(angle));
  }
  context.closePath();
}

// Let circle markers with an option `shape` draw that shape on the map's canvas.
export function addShape(CircleMarker) {
  CircleMarker.include({
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      outline(renderer._ctx, this._point, this._radius, this.options.shape);
      renderer._fillStroke(renderer._ctx, this);
    },
  });
}
