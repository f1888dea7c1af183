// Nest's CommonJS packages fail with a require cycle unless these come first.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
