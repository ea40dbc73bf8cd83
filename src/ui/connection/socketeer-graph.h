/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "skt-tcp-history.h"

G_BEGIN_DECLS

#define SOCKETEER_GRAPH_MAX_SERIES 2

/* A small graph over the samples of a connection: one line, or a second one that is dashed. The pointer, or Left, Right, Home, End and
 * Escape, choose a sample, whose values are then shown instead of the last ones. */
#define SOCKETEER_TYPE_GRAPH (socketeer_graph_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerGraph, socketeer_graph, SOCKETEER, GRAPH, GtkWidget)

/* The value of a sample; NAN if it has none. `before`: the sample before it, NULL: it is the first. */
typedef double (*SocketeerGraphFunc) (const SktTcpInfo *before, const SktTcpInfo *sample);
/* (transfer full) */
typedef char *(*SocketeerGraphFormat) (double value);

typedef struct
{
  const char *title;                                /* translated */
  const char *names[SOCKETEER_GRAPH_MAX_SERIES];    /* translated; NULL: there is no such line, or only one that is named by the title */
  SocketeerGraphFunc funcs[SOCKETEER_GRAPH_MAX_SERIES]; /* NULL: no such line */
  SocketeerGraphFormat format;
  gboolean is_binary;                               /* the scale ends at a power of two */
} SocketeerGraphOptions;

/* The options are copied, their strings too. */
GtkWidget *socketeer_graph_new (const SocketeerGraphOptions *options);

/* There are other samples. NULL: none. Nothing is kept of it. */
void socketeer_graph_update (SocketeerGraph *self, const SktTcpHistory *history);

/* The upper end of the scale for values up to `value`: 1, 2 or 5 times a power of ten, or a power of two. Pure. */
double socketeer_graph_round_up (double value, gboolean is_binary);

G_END_DECLS
