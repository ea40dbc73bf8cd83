/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The one that was used longest ago is forgotten when there are more. */
#define SKT_RECENT_MAX 20

/* Numbers are stored by name: only append. */
typedef enum
{
  SKT_RECENT_CONNECT, /* a client connected, or tried to */
  SKT_RECENT_LISTEN,  /* a server listened, or tried to */
  SKT_N_RECENT_KINDS,
} SktRecentKind;

typedef struct
{
  SktRecentKind kind;
  char *endpoint; /* "host:port", "[v6]:port"; LISTEN: also "*:port" for all addresses */
  gint64 time;    /* us, realtime: when it was used last */
} SktRecentEntry;

/* Where clients connected to and servers listened, the newest first, each once; kept in a file. One for all windows. Main thread.
 * Properties: problem (string): what is wrong with the file, in words, or NULL. Signals: changed. */
#define SKT_TYPE_RECENT (skt_recent_get_type ())
G_DECLARE_FINAL_TYPE (SktRecent, skt_recent, SKT, RECENT, GObject)

/* Reads the file, at once. A damaged one is kept aside. `path` NULL: only in memory. */
SktRecent *skt_recent_new (const char *path);

guint skt_recent_get_n (SktRecent *self);
/* 0: the newest; NULL: there is none. Borrowed, until the next change. */
const SktRecentEntry *skt_recent_get (SktRecent *self, guint i);

/* Takes its place by its time; one that is there already (upper or lower case is the same) gets the later time. What was removed comes back to
 * its place so. FALSE: it is no endpoint that can be used again (LISTEN at port 0 is none), and nothing has changed. */
gboolean skt_recent_add (SktRecent *self, SktRecentKind kind, const char *endpoint, gint64 time);
void skt_recent_remove (SktRecent *self, SktRecentKind kind, const char *endpoint);
void skt_recent_clear (SktRecent *self);

G_END_DECLS
