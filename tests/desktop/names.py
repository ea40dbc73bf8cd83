# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person with a screen reader is told of each control: looks for those of which it is nothing."""
import re

import rig

# Those that are worked with, or say something. 62 is a toggle button in later versions of GTK, 43 in 4.8; so is a switch.
CONTROLS = {7: 'check box', 11: 'drop-down', 27: 'image', 32: 'list item', 35: 'menu item', 37: 'tab', 42: 'progress bar', 43: 'button',
            44: 'radio button', 45: 'radio menu item', 51: 'slider', 52: 'spin button', 61: 'text', 62: 'toggle button', 79: 'entry',
            8: 'check menu item', 103: 'level bar'}
# What is made of several: its name is told for those inside that have none, or that have the keyboard in its place.
COMPOSITES = {11, 43, 52, 61, 62, 79}
# Focusable, but by themselves nothing to be named: what scrolls, and panels around others.
PASSIVE = {20, 31, 38, 39, 49, 68, 85, 98}
# A name that nobody chose: that of the class, or of the icon.
CLASS_NAME = re.compile(r'^(Gtk|Adw|Socketeer)[A-Z]\w+$')
ICON_NAME = re.compile(r'^[a-z0-9]+(-[a-z0-9]+)*-symbolic$|^(go|edit|document|list|open|view|window|media|system|user|skt)-[a-z-]+$')


def is_shown(item):
    return rig.has_state(item.states, 'visible')


class Looker:
    """One look at everything that is there."""

    def __init__(self, app, foreign=()):
        """foreign: paths of windows that are made by libadwaita or GTK: parts of theirs that have no name are theirs to name."""
        self.tree = app.tree()
        self.problems = []
        self.n_controls = 0
        for window in self.tree.get(rig.ROOT, ()):
            self.is_foreign = window.path in foreign
            self.look(window.path, [], None)

    def text_inside(self, path):
        return ' '.join(filter(None, (self.label_of(item) for item in self.tree.get(path, ())))).strip()

    def label_of(self, item):
        return item.name if item.role == 29 and not CLASS_NAME.match(item.name) else self.text_inside(item.path)

    def tell(self, where, item, what):
        kind = CONTROLS.get(item.role, 'role %d' % item.role)
        self.problems.append('%s: %s %r (%s) in %s' % (what, kind, item.name, item.description, ' > '.join(where) or 'nothing'))

    def look(self, path, where, around):
        """around: the composite that the objects are parts of, or None."""
        seen = {}
        for item in self.tree.get(path, ()):
            if not is_shown(item):
                continue
            self.judge(where, item, around)
            if item.role in CONTROLS and item.role not in (27, 42) and not around:
                self.compare(where, item, seen)
            inside = where + [item.name] if item.name and not CLASS_NAME.match(item.name) and item.name not in where[-1:] else where
            self.look(item.path, inside, item if item.role in COMPOSITES and item.name else around)

    def judge(self, where, item, around):
        is_focusable = rig.has_state(item.states, 'focusable')
        if item.role not in CONTROLS and (not is_focusable or item.role in PASSIVE):
            return
        if item.role == 29 and item.description:
            return                      # what it is for is told; its name is its text, and may be nothing yet
        self.n_controls += 1
        name = item.name
        if around and item.role in (27, 42):
            return                      # a picture on a button, which has a name
        if CLASS_NAME.match(name):
            if not self.is_foreign:
                self.tell(where, item, 'named like its class')
        elif ICON_NAME.match(name):
            self.tell(where, item, 'named like an icon')
        elif not name.strip() and not around and not (item.role == 32 and self.text_inside(item.path)):
            self.tell(where, item, 'without a name')

    def compare(self, where, item, seen):
        if not item.name:
            return
        if seen.setdefault((item.role, item.name), item) is not item:
            self.tell(where, item, 'the same name twice')


def look(app, seen, foreign=()):
    """Adds the problems to seen, and returns how many controls there are."""
    looker = Looker(app, foreign)
    seen.update(dict.fromkeys(looker.problems))
    return looker.n_controls
