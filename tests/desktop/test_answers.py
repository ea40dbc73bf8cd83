# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules answer by themselves, as a user makes and switches them on."""
import json
import os
import shutil
import subprocess

import rig
from page import connect, listener, accept, open_client, open_server, port_of, read_exactly


def write_rules(app_home, rules):
    folder = os.path.join(app_home, 'socketeer')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'answers.json'), 'w') as f:
        json.dump({'format': 'socketeer-answers', 'version': 1, 'answers': rules}, f)
