/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-page.h"

G_BEGIN_DECLS

typedef struct
{
  GtkWidget *widget; /* borrowed */
  GtkWidget *first;  /* in it, borrowed: what gets the keyboard. NULL: the first that can */
} SocketeerPane;

/* Adds the parts of the page that one goes through with F6, in order; also those that are not seen now. */
void socketeer_page_add_panes (SocketeerPage *self, GArray *panes);

/* The action page.compose-selection: the selected bytes become the message. */
void socketeer_page_compose_class_init (GtkWidgetClass *klass);
void socketeer_page_compose_init (SocketeerPage *self);

/* Makes Escape close what it can. */
void socketeer_page_add_escape (SocketeerPage *self);

G_END_DECLS
