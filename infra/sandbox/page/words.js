// What the page says, in both languages.
const WORDS = {
  ru: {
    sandbox: "Песочница", lesson: "Урок", inside: "Внутри", newPerson: "+ новый человек", newClient: "+ новый клиент",
    chats: "Чаты", topics: "Темы", messages: "Сообщения", back: "К списку чатов", menu: "Что можно сделать с чатом",
    quiet: "Пока тихо", quietMore: "Напишите боту первым: «новый человек» или «новый клиент».",
    earlier: "Показать раньше", who: "От чьего имени", attach: "Приложить файл", send: "Отправить", message: "Сообщение",
    writeAs: (name) => `Написать как ${name}`, all: "Все", closed: "закрыта", none: "Сообщений нет", someone: "Участник",
    private: "личный чат", supergroup: "супергруппа", group: "группа", channel: "канал", bot: "бот",
    blocked: "бот заблокирован", edited: "изменено", day: "ru", pinned: "закреплено",
    photo: "Фото", document: "Документ", audio: "Аудио", video: "Видео", voice: "Голосовое", contact: "Контакт",
    topicCreated: (name) => `Тема «${name}» открыта`, topicEdited: (name) => `Тема теперь: «${name}»`,
    topicClosed: "Тема закрыта", topicReopened: "Тема снова открыта", otherIcon: "другой значок",
    unavailable: "Песочница не отвечает", queued: "У бота нет вебхука: обновление ждёт в getUpdates",
    webhookSaid: (said) => `Вебхук ответил: ${said}`, notTaken: (error) => `Вебхук не принял: ${error}`,
    name: "Имя", toBot: "Кому", firstWords: "Первое сообщение", begin: "Написать", cancel: "Отмена", phone: "Телефон",
    noBots: "Ни один бот ещё не подключён", noAccounts: "Ни один аккаунт WhatsApp ещё не подключён",
    newMember: "+ ещё человек…", block: "Заблокировать бота", unblock: "Разблокировать бота",
    takeRights: "Отнять у бота права", giveRights: "Вернуть боту права", topicsOff: "Выключить темы", topicsOn: "Включить темы",
    deleteTopic: "Удалить тему", upgrade: "Сделать супергруппой", sendContact: "Отправить свой контакт", done: "Готово",
    kick: "Удалить бота", comeBack: "Вернуть бота", callDesk: "Позвонить", fromPhone: "Ответить с телефона салона",
    owner: "Владелец (с телефона)", edit: "Изменить", editing: "Изменение сообщения", hello: "Здравствуйте!",
  },
  en: {
    sandbox: "Sandbox", lesson: "Lesson", inside: "Inside", newPerson: "+ new person", newClient: "+ new client",
    chats: "Chats", topics: "Topics", messages: "Messages", back: "Back to the chats", menu: "What can be done with the chat",
    quiet: "Quiet so far", quietMore: "Write to a bot first: “new person” or “new client”.",
    earlier: "Show earlier", who: "Write as", attach: "Attach a file", send: "Send", message: "Message",
    writeAs: (name) => `Write as ${name}`, all: "All", closed: "closed", none: "No messages", someone: "Member",
    private: "private chat", supergroup: "supergroup", group: "group", channel: "channel", bot: "bot",
    blocked: "bot blocked", edited: "edited", day: "en", pinned: "pinned",
    photo: "Photo", document: "Document", audio: "Audio", video: "Video", voice: "Voice", contact: "Contact",
    topicCreated: (name) => `Topic “${name}” opened`, topicEdited: (name) => `The topic is now “${name}”`,
    topicClosed: "Topic closed", topicReopened: "Topic opened again", otherIcon: "another icon",
    unavailable: "The sandbox does not answer", queued: "The bot has no webhook: the update waits in getUpdates",
    webhookSaid: (said) => `The webhook answered ${said}`, notTaken: (error) => `The webhook did not take it: ${error}`,
    name: "Name", toBot: "To", firstWords: "First message", begin: "Write", cancel: "Cancel", phone: "Phone",
    noBots: "No bot is connected yet", noAccounts: "No WhatsApp account is connected yet",
    newMember: "+ somebody else…", block: "Block the bot", unblock: "Unblock the bot",
    takeRights: "Take the bot's rights away", giveRights: "Give the bot its rights", topicsOff: "Switch topics off", topicsOn: "Switch topics on",
    deleteTopic: "Delete the topic", upgrade: "Upgrade to a supergroup", sendContact: "Send one's contact", done: "Done",
    kick: "Remove the bot", comeBack: "Add the bot again", callDesk: "Call", fromPhone: "Answer from the shop's phone",
    owner: "The owner (from the phone)", edit: "Edit", editing: "Editing a message", hello: "Hello!",
  },
};

export const language = localStorage.getItem("sandbox:language") || (navigator.language.startsWith("ru") ? "ru" : "en");
export const words = WORDS[language];

export function switchLanguage() {
  localStorage.setItem("sandbox:language", language === "ru" ? "en" : "ru");
  location.reload();
}
