/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-client-bar.h"
#include "socketeer-composer.h"
#include "socketeer-connection-list.h"
#include "socketeer-connection-pane.h"
#include "socketeer-page.h"
#include "socketeer-problem-toast.h"
#include "socketeer-send-options.h"
#include "socketeer-server-bar.h"
#include "socketeer-split.h"
#include "socketeer-status-bar.h"
#include "socketeer-tool-pane.h"
#include "socketeer-transcript.h"
#include "socketeer-waiting.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef struct _SocketeerPageFiles SocketeerPageFiles;
typedef struct _SocketeerPageAnnouncer SocketeerPageAnnouncer;

struct _SocketeerPage
{
  GtkWidget parent_instance;

  /* template */
  GtkBox *bar_box;
  GtkImage *state_image;
  GtkLabel *state_label, *detail_label, *problem_label;
  GtkRevealer *problem_revealer;
  GtkButton *problem_close_button, *pause_clear_button, *raise_button, *resume_button;
  GtkWidget *pause_box;
  SocketeerSplit *side_split; /* of side_paned: the clients, if it is a server, and the rest */
  GtkPaned *side_paned, *composer_paned;
  GtkWidget *composer_box;
  GtkToggleButton *list_button; /* only where the window is narrow */
  GtkToggleButton *connection_button;
  AdwFlap *connection_flap; /* beside the rest, or over it where there is not room for both */
  SocketeerConnectionPane *connection_pane;
  GtkToggleButton *tool_button;
  AdwFlap *tool_flap;
  SocketeerToolPane *tool_pane;
  SocketeerTranscript *transcript;
  SocketeerWaiting *waiting;
  SocketeerComposer *composer;
  SocketeerSendOptions *send_options;
  SocketeerStatusBar *status_bar;
  GtkBox *jobs_box; /* what is being saved */

  /* borrowed: children, one of them or none */
  SocketeerClientBar *client_bar;
  SocketeerServerBar *server_bar;
  SocketeerConnectionList *connection_list;

  /* owned */
  SktSession *session; /* NULL: JOURNAL, or closed */
  SktJournal *journal;
  GSignalGroup *signals;
  GCancellable *exporting;
  char *title;
  char *name; /* JOURNAL; of others what the title is until there is a target, or NULL */
  char *hidden_problem; /* the user has seen it */
  char *queue_problem; /* what the composer said last of too much that is queued; NULL: nothing */
  char *input_problem; /* what was typed can't be used; goes before what the session says */
  GtkFileChooserNative *chooser;
  GtkWindow *question; /* weak: whether to clear; NULL: not asked */
  SocketeerPageFiles *files;
  SocketeerPageAnnouncer *announcer; /* NULL: closed */
  GPtrArray *undo_toasts; /* AdwToast, owned: each can undo a clear */

  SocketeerPageKind kind;
  const char *state_class; /* static */
  gboolean is_active, is_busy, is_closed;
  gboolean is_passing; /* of no use at the next start */
};

void _socketeer_page_toast (SocketeerPage *self, AdwToast *toast);
void _socketeer_page_say (SocketeerPage *self, const char *message);

/* What a screen reader is told: state, problems, what arrives. */
void _socketeer_page_announce_init (SocketeerPage *self);
void _socketeer_page_announce_dispose (SocketeerPage *self);
/* Records were published. */
void _socketeer_page_announce_grown (SocketeerPage *self);
void _socketeer_page_update_title (SocketeerPage *self);

/* What is kept of it. */
void _socketeer_page_name_by_bar (SocketeerPage *self);
/* The page has its session now. */
void _socketeer_page_tab_watch (SocketeerPage *self);

/* Saving. */
void _socketeer_page_export_class_init (GtkWidgetClass *klass);
void _socketeer_page_export_dispose (SocketeerPage *self);

/* Takes the reference: it goes in a worker. */
void _socketeer_page_drop_journal (SktJournal *journal);

/* Clearing, the journal's limit, and the buttons of the banner while receiving is paused. */
void _socketeer_page_room_class_init (GtkWidgetClass *klass);
void _socketeer_page_room_init (SocketeerPage *self);
void _socketeer_page_room_dispose (SocketeerPage *self);
/* The page has its session now. */
void _socketeer_page_room_watch (SocketeerPage *self);
/* is_shown: what the banner says is what the session says. */
void _socketeer_page_room_update (SocketeerPage *self, gboolean is_shown);

/* Sending files, and what waits to be sent. */
void _socketeer_page_files_class_init (GtkWidgetClass *klass);
void _socketeer_page_files_init (SocketeerPage *self);
/* The page has its session now. */
void _socketeer_page_files_watch (SocketeerPage *self);
/* Stops what is being sent. */
void _socketeer_page_files_close (SocketeerPage *self);
void _socketeer_page_files_dispose (SocketeerPage *self);
void _socketeer_page_files_finalize (SocketeerPage *self);

/* Copying as a command. (transfer full) */
void _socketeer_page_command_class_init (GtkWidgetClass *klass);
GMenuModel *_socketeer_page_dup_command_menu (SocketeerPage *self);

/* What is chosen in the list: NULL: all, or a client's only one. (transfer full) */
GPtrArray *_socketeer_page_dup_choice (SocketeerPage *self);
/* FALSE: why not is said at the composer. */
gboolean _socketeer_page_send_bytes (SocketeerPage *self, GBytes *bytes);

G_END_DECLS
