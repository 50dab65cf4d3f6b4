"""A made-up 网易号 site with its ground truth, for the demo, the tests and the benchmarks.

Every page follows from a seed, the number of articles and an index; nothing is stored.
Read :mod:`.site` first (what exists and how it is linked), then :mod:`.stories` and
:mod:`.topics` (what the articles say), :mod:`.markup`, :mod:`.recommendations` and
:mod:`.sidebar` (how a page looks), :mod:`.server` and :mod:`.process` (how it is served).
"""
