/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A toast whose text may be long: it wraps, and stays for long enough to be read. The text is no markup. */
AdwToast *socketeer_problem_toast_new (const char *text);

G_END_DECLS
