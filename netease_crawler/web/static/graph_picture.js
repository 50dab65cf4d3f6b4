// A network as a picture: d3 places the pages and reads gestures. It is drawn once for each frame in
// which something has changed.
/* global d3 */

import { Drawing } from "./graph_drawing.js";

const MARGIN = 48;
const COOL = 0.02; // alpha at which the simulation ends
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Picture {
  chosen = null; // node
  pointed = null; // node that is under the pointer, or that the arrow keys have reached
  group = null; // the account whose pages are to stand out

  #canvas;
  #drawing;
  #network;
  #width = 0;
  #height = 0;
  #at = d3.zoomIdentity;
  #zoom = d3.zoom().scaleExtent([0.1, 6]);
  #follows = true; // until somebody moves the picture
  #awaitsFrame = false;
  #links = d3.forceLink().distance(70);
  #simulation = d3
    .forceSimulation()
    .force("links", this.#links)
    .force("apart", d3.forceManyBody().strength(-170).distanceMax(500).theta(1))
    .force("room", d3.forceCollide((node) => node.radius + 3))
    .force("x", d3.forceX().strength(0.05))
    .force("y", d3.forceY().strength(0.07))
    .alphaMin(COOL)
    .alphaDecay(0.03)
    .stop();

  constructor(canvas, network, { onPoint, onChoose }) {
    this.#canvas = canvas;
    this.#drawing = new Drawing(canvas);
    this.#network = network;
    this.#simulation.on("tick", () => {
      if (this.#follows) this.#move(this.#wholeFrom(0.15));
      this.ask();
    });
    this.#listen(onPoint, onChoose);
    new ResizeObserver(() => this.#measure()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#drawing.dress();
      this.ask();
    });
    this.#measure();
  }

  // Places what the network has now.
  settle() {
    this.#simulation.nodes([...this.#network.nodes.values()]);
    this.#links.links([...this.#network.links.values()]);
    this.#simulation.alpha(0.9);
    if (calm.matches) {
      while (this.#simulation.alpha() > COOL) this.#simulation.tick();
      if (this.#follows) this.#move(this.#wholeFrom(1));
    } else {
      this.#simulation.restart();
    }
    this.ask();
  }

  // Shows everything, from now on too.
  fit() {
    this.#follows = true;
    this.#move(this.#wholeFrom(1));
  }

  // Has the picture drawn with the next frame.
  ask() {
    if (this.#awaitsFrame) return;
    this.#awaitsFrame = true;
    requestAnimationFrame(() => {
      this.#awaitsFrame = false;
      this.#draw();
    });
  }

  #listen(onPoint, onChoose) {
    const canvas = d3.select(this.#canvas);
    const drag = d3
      .drag()
      .container(this.#canvas)
      .subject((event) => {
        const node = this.#under(event.x, event.y);
        if (!node) return null;
        const [x, y] = this.#at.apply([node.x, node.y]);
        return { node, x, y };
      })
      .on("drag", (event) => {
        const { node } = event.subject;
        [node.x, node.y] = this.#at.invert([event.x, event.y]);
        this.#follows = false;
        if (!calm.matches) {
          [node.fx, node.fy] = [node.x, node.y];
          this.#simulation.alphaTarget(0.15).restart();
        }
        this.ask();
      })
      .on("end", ({ subject }) => {
        subject.node.fx = subject.node.fy = null;
        this.#simulation.alphaTarget(0);
      });
    this.#zoom.on("zoom", (event) => {
      if (event.sourceEvent) this.#follows = false;
      this.#at = event.transform;
      this.ask();
    });
    canvas.call(drag).call(this.#zoom).on("dblclick.zoom", null);
    canvas.on("pointermove", (event) => {
      if (event.buttons) return;
      const node = this.#under(...d3.pointer(event));
      this.#canvas.classList.toggle("over", Boolean(node));
      if (node !== this.pointed) onPoint(node);
    });
    canvas.on("pointerleave", () => onPoint(null));
    canvas.on("click", (event) => {
      const node = this.#under(...d3.pointer(event));
      if (node) onChoose(node);
    });
  }

  #under(x, y) {
    const [px, py] = this.#at.invert([x, y]);
    const node = this.#simulation.find(px, py, 40 / this.#at.k);
    if (!node) return null;
    const distance = Math.hypot(node.x - px, node.y - py) * this.#at.k;
    return distance <= Math.max(node.radius * this.#at.k, 3) + 5 ? node : null;
  }

  #measure() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (!clientWidth) return;
    [this.#width, this.#height] = [clientWidth, clientHeight];
    this.#drawing.resize(clientWidth, clientHeight);
    if (this.#follows) this.#move(this.#wholeFrom(1));
    this.#draw();
  }

  // The view that is *share* of the way from this one to one of everything.
  #wholeFrom(share) {
    const nodes = this.#simulation.nodes();
    if (!nodes.length || !this.#width) return this.#at;
    const [left, right] = d3.extent(nodes, (node) => node.x);
    const [top, bottom] = d3.extent(nodes, (node) => node.y);
    const k = Math.min(
      (this.#width - 2 * MARGIN) / (right - left || 1),
      (this.#height - 2 * MARGIN) / (bottom - top || 1),
      1.5,
    );
    const x = this.#width / 2 - (k * (left + right)) / 2;
    const y = this.#height / 2 - (k * (top + bottom)) / 2;
    const between = (from, to) => from + share * (to - from);
    return d3.zoomIdentity
      .translate(between(this.#at.x, x), between(this.#at.y, y))
      .scale(between(this.#at.k, k));
  }

  #move(view) {
    this.#zoom.transform(d3.select(this.#canvas), view);
  }

  #draw() {
    const { chosen, pointed, group } = this;
    this.#drawing.draw(this.#simulation.nodes(), this.#links.links(), this.#at, { chosen, pointed, group });
  }
}
