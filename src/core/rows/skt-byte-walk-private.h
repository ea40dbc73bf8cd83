/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-byte-walk.h"

G_BEGIN_DECLS

/* SKT_ERROR_BAD_JOURNAL: what was published can't be read any more. */
void _skt_byte_walk_set_damaged (GError **error);

G_END_DECLS
