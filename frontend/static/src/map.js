// A map of points, loaded by pages that have one. It draws by itself what the page's list says too,
// asks nobody but this site, and shows tiles only from the address that the page names.
import { CircleMarker, GeoJSON, LayerGroup, Map as LeafletMap, TileLayer } from "leaflet";
import { addShape } from "./js/map_shapes.js";

const FARTHEST_ZOOM = 16;
const FALLBACK_VIEW = [[35, 105], 4];

addShape(CircleMarker);

for (const place of document.querySelectorAll("[data-map]")) {
  start(place).catch(() => {
    place.hidden = true;
    for (const note of document.querySelectorAll("[data-map-failed]")) note.hidden = false;
  });
}

async function start(place) {
  const response = await fetch(place.dataset.map, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`map data: ${response.status}`);
  draw(place, await response.json());
}

function draw(place, data) {
  place.hidden = false;
  const map = new LeafletMap(place, { preferCanvas: true, zoomAnimation: false, fadeAnimation: false });
  map.attributionControl.setPrefix(false);
  if (data.tiles) new TileLayer(data.tiles, { maxZoom: 18 }).addTo(map);
  if (data.boundary) {
    new GeoJSON(data.boundary, { style: { fill: false, color: "#555", weight: 2 }, interactive: false }).addTo(map);
  }
  if (data.note) map.attributionControl.addAttribution(escape(data.note));
  const layer = new LayerGroup(data.points.map((point) => toMarker(point, data, place))).addTo(map);
  fit(map, data.points);
  place.dataset.drawn = String(layer.getLayers().length);
}

function toMarker([id, longitude, latitude, type, name], data, place) {
  const kind = data.types[type];
  const marker = new CircleMarker([latitude, longitude], {
    radius: 7, weight: 2, color: "#fff", fillColor: kind.color, fillOpacity: 1, shape: kind.shape,
  });
  const address = place.dataset.point.replace(/\/0\/$/, `/${id}/`);
  // Made when it is opened: twenty thousand of them would be slow.
  return marker.bindPopup(() => {
    const box = document.createElement("p");
    const link = box.appendChild(document.createElement("a"));
    link.href = address;
    link.textContent = name;
    box.append(document.createElement("br"), kind.label);
    return box;
  });
}

function fit(map, points) {
  if (points.length === 0) {
    map.setView(...FALLBACK_VIEW);
    return;
  }
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [, longitude, latitude] of points) {
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
  }
  map.fitBounds([[south, west], [north, east]], { padding: [24, 24], maxZoom: FARTHEST_ZOOM });
}

function escape(text) {
  const box = document.createElement("span");
  box.textContent = text;
  return box.innerHTML;
}
