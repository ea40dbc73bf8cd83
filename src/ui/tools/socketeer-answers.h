/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-answer-entry.h"
#include "socketeer-page.h"

G_BEGIN_DECLS

/* The tab of rules that answer by themselves in one page. They are the same in all pages; each switches them on for itself, and none does by
 * itself. Properties: is-active (boolean). */
#define SOCKETEER_TYPE_ANSWERS (socketeer_answers_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerAnswers, socketeer_answers, SOCKETEER, ANSWERS, GtkWidget)

/* The page (borrowed) has a session. `store` NULL: the user's. */
GtkWidget *socketeer_answers_new (SocketeerPage *page, SktAnswerStore *store);
void socketeer_answers_set_active (SocketeerAnswers *self, gboolean is_active);
/* The page is being closed. */
void socketeer_answers_close (SocketeerAnswers *self);
gboolean socketeer_answers_is_active (SocketeerAnswers *self);

G_END_DECLS
