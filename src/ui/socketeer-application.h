/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SOCKETEER_TYPE_APPLICATION (socketeer_application_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerApplication, socketeer_application, SOCKETEER, APPLICATION, AdwApplication)

SocketeerApplication *socketeer_application_new (void);

G_END_DECLS
