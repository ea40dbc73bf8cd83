/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-session-worker.h"
#include "skt-engine-private.h"
#include "skt-session.h"

G_BEGIN_DECLS

SktSessionWorker *_skt_session_get_worker (SktSession *self); /* borrowed */

G_END_DECLS
