/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-error.h"

G_DEFINE_QUARK (skt-error-quark, skt_error)
