// What the picture shows: pages and recommendations as they were fetched, step by step.

const COLOURS = 10;

export class Network {
  nodes = new Map(); // by id
  links = new Map();
  cut = new Set(); // ids of pages some of whose neighbours are missing
  expanded = new Set();
  #steps = [];
  #colours = new Map(); // by group: where an account has none, the source stands for it

  // Adds what /graph.json shows around a page; gives the number of new pages.
  merge(shown) {
    const step = { centre: shown.centre, nodes: [], links: [] };
    const centre = this.nodes.get(shown.centre);
    shown.nodes.forEach((page, place) => {
      if (this.nodes.has(page.id)) return;
      const angle = place * 2.4; // a spiral: no two begin at one place
      const from = centre ?? { x: 0, y: 0 };
      const node = {
        page,
        id: page.id,
        group: page.account ?? page.source ?? null,
        name: page.title ?? page.id,
        radius: Math.min(3.5 + 0.9 * Math.sqrt(page.in_degree), 24),
        x: from.x + 12 * Math.sqrt(place) * Math.cos(angle),
        y: from.y + 12 * Math.sqrt(place) * Math.sin(angle),
      };
      this.nodes.set(page.id, node);
      step.nodes.push(page.id);
    });
    for (const edge of shown.edges) {
      const key = JSON.stringify([edge.source, edge.kind, edge.target]);
      if (this.links.has(key) || edge.source === edge.target) continue;
      this.links.set(key, {
        source: this.nodes.get(edge.source),
        target: this.nodes.get(edge.target),
        kind: edge.kind,
      });
      step.links.push(key);
    }
    this.expanded.add(shown.centre);
    if (shown.is_cut) this.cut.add(shown.centre);
    this.#steps.push(step);
    this.#connect();
    return step.nodes.length;
  }

  // Id of the first page.
  get start() {
    return this.#steps[0].centre;
  }

  get canUndo() {
    return this.#steps.length > 1;
  }

  // Takes the last step back; gives the page at which it was before.
  undo() {
    const step = this.#steps.pop();
    step.nodes.forEach((id) => this.nodes.delete(id));
    step.links.forEach((key) => this.links.delete(key));
    this.expanded.delete(step.centre);
    this.cut.delete(step.centre);
    this.#connect();
    return this.nodes.get(this.#steps.at(-1).centre);
  }

  // The number of a group's colour, null for those of the rest.
  colour(group) {
    return this.#colours.get(group) ?? null;
  }

  get groups() {
    return [...this.#colours.keys()];
  }

  #connect() {
    const sizes = new Map();
    for (const node of this.nodes.values()) {
      node.out = new Set();
      node.in = new Set();
      if (node.group !== null) sizes.set(node.group, (sizes.get(node.group) ?? 0) + 1);
    }
    for (const { source, target } of this.links.values()) {
      source.out.add(target);
      target.in.add(source);
    }
    for (const node of this.nodes.values()) node.around = new Set([...node.out, ...node.in]);
    this.#colour(sizes);
  }

  // The most frequent groups get colours; one that has one keeps it while it is among them.
  #colour(sizes) {
    const order = [...sizes].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
    const chosen = order.slice(0, COLOURS).map(([group]) => group);
    const kept = new Map([...this.#colours].filter(([group]) => chosen.includes(group)));
    const taken = new Set(kept.values());
    const free = Array.from({ length: COLOURS }, (_, place) => place).filter((one) => !taken.has(one));
    this.#colours = new Map(chosen.map((group) => [group, kept.get(group) ?? free.shift()]));
    for (const node of this.nodes.values()) node.colour = this.colour(node.group);
  }
}
