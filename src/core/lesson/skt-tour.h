/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-session.h"

G_BEGIN_DECLS

/* The steps of a first lesson on TCP, in their order. */
typedef enum
{
  SKT_TOUR_CONNECT,
  SKT_TOUR_SEND,
  SKT_TOUR_READS,
  SKT_TOUR_HALF_CLOSE,
  SKT_TOUR_CLOSE,
  SKT_TOUR_RESET,
  SKT_TOUR_UDP,
  SKT_TOUR_N_STEPS,
} SktTourStep;

/* Where there is to be seen what a step has done. */
typedef enum
{
  SKT_TOUR_PLACE_CLIENT, /* the client's transcript */
  SKT_TOUR_PLACE_SERVER, /* the server's transcript */
  SKT_TOUR_PLACE_LIFE,   /* the life of the client's connection */
  SKT_TOUR_PLACE_KERNEL, /* what the kernel knows of it */
} SktTourPlace;

/* What a step says; all translated and static. */
const char *skt_tour_step_get_title (SktTourStep step);
const char *skt_tour_step_get_text (SktTourStep step);
/* What its button says; a step has one or two (variant 0 and 1); NULL: it has no second. */
const char *skt_tour_step_get_action (SktTourStep step, guint variant);
SktTourPlace skt_tour_step_get_place (SktTourStep step);

/* A guided tour on a server that echoes and a client of it, both of this program: it does what a step is about on the live connection, after
 * making whatever that needs (a server that listens, a connection), and notices when somebody has done it otherwise. Main thread.
 * While it is at SKT_TOUR_HALF_CLOSE the server does not close when its peer finishes (close-on-peer-finish); otherwise it does.
 * Signal "changed": any of what the getters say. */
#define SKT_TYPE_TOUR (skt_tour_get_type ())
G_DECLARE_FINAL_TYPE (SktTour, skt_tour, SKT, TOUR, GObject)

/* `endpoint`: where the server listens, on loopback ("127.0.0.1:40312"). Takes references; at the first step. */
SktTour *skt_tour_new (SktSession *server, SktSession *client, const char *endpoint);
/* Before one of its sessions is closed: it does nothing any more. */
void skt_tour_stop (SktTour *self);

SktTourStep skt_tour_get_step (SktTour *self);
/* Ends what is being done for another step. */
void skt_tour_set_step (SktTour *self, SktTourStep step);

/* Does what the step is about; again, if it is done. Nothing happens while it is doing that. */
void skt_tour_act (SktTour *self, guint variant);
gboolean skt_tour_is_running (SktTour *self);
/* The step was done, by the tour or by somebody. */
gboolean skt_tour_is_done (SktTour *self, SktTourStep step);
/* What can be seen now that the step is done, and where; NULL: it is not. Borrowed, until "changed". */
const char *skt_tour_get_seen (SktTour *self);
/* Why the step could not be done; NULL: it could, or nobody has tried. Borrowed, until "changed". */
const char *skt_tour_get_problem (SktTour *self);

G_END_DECLS
