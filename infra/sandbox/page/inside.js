// What goes on behind the chats.
export const isStacked = () => false;
export const showWay = () => {};
export async function begin() {}
export async function refresh() {}
