// How the picture looks: pages are circles, recommendations arrows, and the largest pages have labels.

const LABELS = 14;
const LABEL_LENGTH = 14; // characters
const LABEL_HEIGHT = 20;

export class Drawing {
  #canvas;
  #pen;
  #width = 0;
  #height = 0;
  #ratio = 1; // pixels of the screen to one of the page
  #colours = {};
  #labels = new Map(); // images by name

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d", { alpha: false });
    this.dress();
  }

  // Empties the canvas.
  resize(width, height) {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    if (ratio !== this.#ratio) this.#labels.clear();
    [this.#width, this.#height, this.#ratio] = [width, height, ratio];
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
  }

  // Reads the colours of the page, which are others in the dark.
  dress() {
    const style = getComputedStyle(this.#canvas);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    this.#colours = Object.fromEntries(["paper", "ink", "accent", "edge"].map((name) => [name, read(name)]));
    this.#colours.groups = Array.from({ length: 10 }, (_, place) => read(`group-${place}`));
    this.#colours.other = read("group-other");
    this.#colours.font = read("sans");
    this.#labels.clear();
  }

  // Draws *nodes* and *links* as *at*, a transform of d3, shows them. What is *looked* at stands out:
  // the chosen node, the node that is pointed at, a group.
  draw(nodes, links, at, looked) {
    const pen = this.#pen;
    pen.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    pen.fillStyle = this.#colours.paper;
    pen.fillRect(0, 0, this.#width, this.#height);
    for (const node of nodes) {
      node.sx = node.x * at.k + at.x;
      node.sy = node.y * at.k + at.y;
      node.sr = Math.max(node.radius * at.k, 2);
      node.isLit = isLit(node, looked);
    }
    this.#drawLinks(links, Math.min(6, 3 + 3 * at.k), looked);
    this.#drawNodes(nodes, looked);
    this.#drawLabels(nodes, looked);
  }

  // Each style is one path.
  #drawLinks(links, headSize, { chosen, pointed }) {
    const centre = pointed ?? chosen;
    const styles = { dim: [], plain: [], strong: [] };
    for (const link of links) {
      if (this.#isOutside(link.source, link.target)) continue;
      const isOfCentre = link.source === centre || link.target === centre;
      const isLit = pointed ? isOfCentre : link.source.isLit || link.target.isLit;
      styles[!isLit ? "dim" : isOfCentre ? "strong" : "plain"].push(link);
    }
    const crowd = Math.min(1, 12 / Math.sqrt(styles.plain.length + styles.dim.length + 1));
    this.#strokeLinks(styles.dim, this.#colours.edge, 0.12 * crowd, 0);
    this.#strokeLinks(styles.plain, this.#colours.edge, 0.2 + 0.35 * crowd, headSize);
    this.#strokeLinks(styles.strong, this.#colours.ink, 0.65, headSize);
  }

  #isOutside(one, other) {
    return (
      Math.max(one.sx, other.sx) < 0 ||
      Math.min(one.sx, other.sx) > this.#width ||
      Math.max(one.sy, other.sy) < 0 ||
      Math.min(one.sy, other.sy) > this.#height
    );
  }

  #strokeLinks(links, colour, alpha, size) {
    if (!links.length) return;
    const lines = { related: new Path2D(), hot: new Path2D() };
    const heads = new Path2D();
    for (const { source, target, kind } of links) {
      const dx = target.sx - source.sx;
      const dy = target.sy - source.sy;
      const length = Math.hypot(dx, dy) || 1;
      const [ux, uy] = [dx / length, dy / length];
      const [tx, ty] = [target.sx - ux * (target.sr + 1), target.sy - uy * (target.sr + 1)];
      const [bx, by] = [tx - ux * size, ty - uy * size];
      lines[kind].moveTo(source.sx, source.sy);
      lines[kind].lineTo(bx, by);
      heads.moveTo(tx, ty);
      heads.lineTo(bx - uy * size * 0.45, by + ux * size * 0.45);
      heads.lineTo(bx + uy * size * 0.45, by - ux * size * 0.45);
    }
    const pen = this.#pen;
    pen.globalAlpha = alpha;
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = 1; // wider lines take far longer without a GPU
    pen.stroke(lines.related);
    pen.setLineDash([4, 4]);
    pen.stroke(lines.hot);
    pen.setLineDash([]);
    if (size) pen.fill(heads);
    pen.globalAlpha = 1;
  }

  #drawNodes(all, { chosen, pointed }) {
    const pen = this.#pen;
    const styles = new Map();
    for (const node of all) {
      const key = `${node.isLit} ${node.page.is_known} ${node.colour}`;
      if (!styles.has(key)) styles.set(key, []);
      styles.get(key).push(node);
    }
    for (const nodes of styles.values()) {
      const [{ isLit, colour, page }] = nodes;
      const discs = new Path2D();
      for (const { sx, sy, sr } of nodes) {
        discs.moveTo(sx + sr, sy);
        discs.arc(sx, sy, sr, 0, 2 * Math.PI);
      }
      const own = colour === null ? this.#colours.other : this.#colours.groups[colour];
      pen.globalAlpha = isLit ? 1 : 0.15;
      pen.fillStyle = page.is_known ? own : this.#colours.paper;
      pen.strokeStyle = page.is_known ? this.#colours.paper : own;
      pen.lineWidth = page.is_known ? 1 : 1.5;
      pen.fill(discs);
      pen.stroke(discs);
    }
    pen.globalAlpha = 1;
    this.#ring(chosen, this.#colours.accent, 3);
    if (pointed !== chosen) this.#ring(pointed, this.#colours.ink, 2);
  }

  #ring(node, colour, width) {
    if (!node) return;
    const pen = this.#pen;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(node.sx, node.sy, node.sr + 3, 0, 2 * Math.PI);
    pen.stroke();
  }

  // Large pages and those that one looks at have labels, as far as there is room.
  #drawLabels(all, { chosen, pointed }) {
    const pen = this.#pen;
    const nodes = all
      .filter((node) => node.isLit && !this.#isOutside(node, node))
      .sort((one, other) => other.radius - one.radius);
    const wanted = new Set([pointed, chosen, ...nodes.slice(0, LABELS)]);
    wanted.delete(null);
    const placed = [];
    for (const node of wanted) {
      const label = this.#label(node.name);
      const half = label.width / this.#ratio / 2;
      const middle = Math.min(Math.max(node.sx, half), this.#width - half);
      const top = node.sy + node.sr + 3;
      const box = [middle - half, top, middle + half, top + LABEL_HEIGHT];
      if (node !== pointed && placed.some((other) => overlap(box, other))) continue;
      placed.push(box);
      pen.drawImage(label, middle - half, top, 2 * half, LABEL_HEIGHT);
    }
  }

  // A label as an image: text with a halo is slow to write in each frame without a GPU.
  #label(name) {
    if (this.#labels.has(name)) return this.#labels.get(name);
    const text = cut(name);
    const image = document.createElement("canvas");
    const pen = image.getContext("2d");
    const font = `13px ${this.#colours.font}`;
    pen.font = font;
    image.width = Math.ceil((pen.measureText(text).width + 8) * this.#ratio);
    image.height = LABEL_HEIGHT * this.#ratio;
    pen.scale(this.#ratio, this.#ratio);
    Object.assign(pen, { font, textBaseline: "middle", lineJoin: "round", lineWidth: 4 });
    pen.strokeStyle = this.#colours.paper;
    pen.fillStyle = this.#colours.ink;
    pen.strokeText(text, 4, LABEL_HEIGHT / 2);
    pen.fillText(text, 4, LABEL_HEIGHT / 2);
    this.#labels.set(name, image);
    return image;
  }
}

function isLit(node, { pointed, group }) {
  if (pointed) return node === pointed || pointed.around.has(node);
  return group === null || node.group === group;
}

function cut(text) {
  const characters = Array.from(text);
  return characters.length > LABEL_LENGTH ? `${characters.slice(0, LABEL_LENGTH).join("")}…` : text;
}

function overlap([left, top, right, bottom], other) {
  return left < other[2] && other[0] < right && top < other[3] && other[1] < bottom;
}
