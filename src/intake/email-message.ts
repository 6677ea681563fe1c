// The one shape of a mail inside the hub: every body that a connector may post becomes this before anything else looks at it.

/** Who wrote or receives a mail, as far as the mail says. */
export interface Mailbox {
  /** At most 320 characters; `null` when there is none, as for senders that only have a directory name. */
  address: string | null;
  /** Display name, at most 300 characters. */
  name: string | null;
}

/** A file that came with a mail. */
export interface EmailAttachment {
  /** Never empty, at most 255 characters, without path separators; not unique within a mail. */
  name: string;
  /** Media type in lower case, `application/octet-stream` when the mail does not say. */
  contentType: string;
  /** The bytes; empty for attachments that travelled by name only. */
  content: Buffer;
}

/** A mail as received. All texts are well-formed Unicode without control characters other than tab and newline. */
export interface EmailMessage {
  /** One line of at most 998 characters, the bound of RFC 5322; empty when the mail has none. */
  subject: string;
  from: Mailbox;
  /** Those addressed, in their order; tells an internal forward from a broker's own mail. */
  to?: Mailbox[];
  /** When it was received, else sent; `null` when the mail does not say or what it says is no date. */
  receivedAt: Date | null;
  /** `Message-ID` of RFC 5322, without angle brackets. */
  internetMessageId: string | null;
  /** The mailbox's own id of the message. */
  messageId: string | null;
  /** The body as text: lines end in `\n`, table cells are separated by tabs. */
  bodyText: string;
  /** The body as it came, when that was HTML. */
  bodyHtml?: string | null;
  attachments: EmailAttachment[];
}
