/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "skt-tab.h"

G_BEGIN_DECLS

/* More are not read. */
#define SKT_TAB_MAX 200

/* A window with its tabs, in their order. */
typedef struct
{
  int width, height;     /* 0: as usual */
  gboolean is_maximized;
  guint selected;        /* position of the tab that is shown */
  GPtrArray *tabs;       /* SktTab, owned */
} SktTabWindow;

SktTabWindow *skt_tab_window_new (void);
void skt_tab_window_free (SktTabWindow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktTabWindow, skt_tab_window_free)

/* The windows as they are now: array of SktTabWindow, which it owns. (transfer full) */
typedef GPtrArray *(*SktTabCollect) (gpointer user_data);

/* The windows and tabs that are open, kept in a file for the next start. One for all windows. Main thread.
 * Property: problem (string): what is wrong with the file, in words, or NULL. */
#define SKT_TYPE_TAB_STORE (skt_tab_store_get_type ())
G_DECLARE_FINAL_TYPE (SktTabStore, skt_tab_store, SKT, TAB_STORE, GObject)

/* Reads the file, at once. A damaged one, or one of a newer version, is kept aside; what is good in a damaged one is there. */
SktTabStore *skt_tab_store_new (const char *path);

/* As read; empty: there are none. (transfer full, element-type SktTabWindow) */
GPtrArray *skt_tab_store_steal_windows (SktTabStore *self);

/* What asks for the windows when they are to be written. NULL: nothing is written any more; what has changed until now is, before this returns. */
void skt_tab_store_set_collect (SktTabStore *self, SktTabCollect collect, gpointer user_data);
/* Something may have changed: it is written about a second later, however often this is called meanwhile. */
void skt_tab_store_changed (SktTabStore *self);

G_END_DECLS
