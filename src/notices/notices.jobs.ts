import { job } from '../platform/queue/jobs.js';

/** What happened in a brand becomes notices of the people whom it concerns. */
export const noticeNews = job<{ brandId: string }>('notices.notice-news');

/** Notices go out by mail. */
export const mailNotices = job<{ brandId: string }>('notices.mail-notices');
